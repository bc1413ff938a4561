import { Icon } from '../icon.tsx';

interface RemoveButtonProps {
  readonly title: string;
  readonly label: string;
  readonly onClick: () => void;
}

export const RemoveButton = ({ title, label, onClick }: RemoveButtonProps) => (
  <button type="button" class="icon-button remove" title={title} onClick={onClick}>
    <Icon name="close" />
    <span class="visually-hidden">{label}</span>
  </button>
);
